import '../../parts/base.css';
